#!/usr/bin/env bash
# The start of a coding agent: bash agent.sh "your request". It needs curl and jq.
request=$*
url=${OPENAI_BASE_URL:-https://api.openai.com/v1}/chat/completions

# 1. Make the JSON with jq -n --arg text "$request" '{model: …, messages: [{role: "user", content: $text}]}'.
# 2. Send it to $url with curl, and the headers Content-Type: application/json and Authorization: Bearer $OPENAI_API_KEY.
#    Any model's name will do here.
# 3. Print .choices[0].message.content of what comes back.
# 4. When that is green, offer a tool. The request gets "tools": [{"type": "function", "function": {"name": "bash",
#    "parameters": {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]}}}].
#    With this one tool an agent can do everything.
# 5. As long as the message that comes back has tool_calls: append that message to the messages as it is; run each call
#    (its .function.name, and its .function.arguments, which is JSON in a string), append {"role": "tool",
#    "tool_call_id": the call's id, "content": the result}, and ask again.

echo "agent.sh has not sent \"$request\" to $url: it asks no model yet" >&2
exit 1
