#!/usr/bin/env bash
# The start of a coding agent: bash agent.sh "your request". It needs curl and jq.
request=$*
url=${OPENAI_BASE_URL:-https://api.openai.com/v1}/chat/completions

# 1. Make the JSON with jq -n --arg text "$request" '{model: …, messages: [{role: "user", content: $text}]}'.
# 2. Send it to $url with curl, and the headers Content-Type: application/json and Authorization: Bearer $OPENAI_API_KEY.
#    Any model's name will do here.
# 3. Print .choices[0].message.content of what comes back.

echo "agent.sh has not sent \"$request\" to $url: it asks no model yet" >&2
exit 1
