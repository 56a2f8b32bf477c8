#!/usr/bin/env python3
"""The start of a coding agent: python3 agent.py "your request"."""
import os, sys

request = " ".join(sys.argv[1:])
url = os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1") + "/chat/completions"

# 1. Send the request to `url` as JSON: {"model": …, "messages": [{"role": "user", "content": request}]}, with the
#    headers content-type: application/json and authorization: Bearer $OPENAI_API_KEY. Any model's name will do here.
# 2. Print choices[0].message.content of what comes back.

sys.exit("agent.py asks no model yet")
