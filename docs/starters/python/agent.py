#!/usr/bin/env python3
"""The start of a coding agent: python3 agent.py "your request"."""
import os, sys

request = " ".join(sys.argv[1:])
url = os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1") + "/chat/completions"

# 1. Send the request to `url` as JSON: {"model": …, "messages": [{"role": "user", "content": request}]}, with the
#    headers content-type: application/json and authorization: Bearer $OPENAI_API_KEY. Any model's name will do here.
# 2. Print choices[0].message.content of what comes back.
# 3. When that is green, offer a tool. The request gets "tools": [{"type": "function", "function": {"name": "read_file",
#    "parameters": {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}}}].
# 4. As long as the message that comes back has tool_calls: append that message to `messages` as it is; run each call
#    (its function.name, and its function.arguments, which is JSON in a string), append {"role": "tool",
#    "tool_call_id": the call's id, "content": the result}, and ask again.

sys.exit("agent.py asks no model yet")
