#!/usr/bin/env bash
# A coding agent in one file, with curl and jq: bash solution.sh "your request". Its one tool runs commands.
set -u
url=${OPENAI_BASE_URL:-https://api.openai.com/v1}/chat/completions
model=${CHECK_MODEL:-gpt-5.4-mini}
work=$(mktemp -d)
limit=15000 # bytes of each end of a result
running=

end_command() { [ -n "$running" ] && kill -KILL -- "-$running" 2>/dev/null; running=; }
trap 'end_command; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

tools='[{"type":"function","function":{"name":"bash","description":"Run a command and read what it prints.",
  "parameters":{"type":"object","properties":{"command":{"type":"string"}},"required":["command"]}}}]'

# In a process group of its own (set -m), without the key, with nothing to read. Output goes to a file: a child in the
# background would hold a pipe open.
run_command() {
  set -m
  env -u OPENAI_API_KEY -u CHECK_KEY -u ANTHROPIC_API_KEY -u GEMINI_API_KEY timeout 120 bash -c "$1" \
    </dev/null >"$work/out" 2>&1 &
  running=$!
  set +m
  wait "$running"
  local code=$?
  end_command
  echo "exit code: $code"
  if [ "$(wc -c <"$work/out")" -le $((2 * limit)) ]; then
    cat "$work/out"
  else
    head -c "$limit" "$work/out"
    printf '\n[the middle is left out]\n'
    tail -c "$limit" "$work/out"
  fi
}

# Prints the reply. Fails, with a message, when there is none.
ask() {
  local attempt status
  for attempt in 1 2 3 4; do
    jq -n --arg model "$model" --argjson tools "$tools" --slurpfile messages "$work/messages" \
      '{model: $model, tools: $tools, messages: $messages}' >"$work/request"
    status=$(curl -sS -o "$work/reply" -w '%{http_code}' -H "Authorization: Bearer ${OPENAI_API_KEY:-}" \
      -H 'Content-Type: application/json' --data-binary @"$work/request" "$url" 2>"$work/error") || status=000
    if [ "$status" = 200 ] && jq -e '.choices[0].finish_reason' "$work/reply" >/dev/null 2>&1; then
      cat "$work/reply"
      return 0
    fi
    case $status in 000 | 200 | 429 | 5??) sleep "0.$attempt" ;; *) break ;; esac
  done
  echo "The service answers $status: $(head -c 500 "$work/reply" 2>/dev/null)" | sed "s/${OPENAI_API_KEY:-no-key}/***/g" >&2
  return 1
}

request=${*:-$(cat)}
jq -n --arg text "$request" '{role: "user", content: $text}' >"$work/messages"
for step in $(seq 50); do
  ask >"$work/answer" || exit 1
  jq '.choices[0].message' "$work/answer" >>"$work/messages"
  count=$(jq '.choices[0].message.tool_calls // [] | length' "$work/answer")
  if [ "$count" = 0 ]; then
    jq -r '.choices[0].message.content // ""' "$work/answer"
    exit 0
  fi
  for index in $(seq 0 $((count - 1))); do
    jq ".choices[0].message.tool_calls[$index]" "$work/answer" >"$work/call"
    if [ "$(jq -r '.choices[0].finish_reason' "$work/answer")" = length ]; then
      echo "Not run: the reply was cut off." >"$work/result"
    elif [ "$(jq -r '.function.name' "$work/call")" != bash ]; then
      echo "There is no such tool. There is one: bash." >"$work/result"
    elif ! command=$(jq -er '.function.arguments | fromjson | .command | strings' "$work/call" 2>/dev/null); then
      echo "The arguments must be JSON with a command, as a string." >"$work/result"
    else
      run_command "$command" >"$work/result"
    fi
    tr -d '\000' <"$work/result" | iconv -f utf-8 -t utf-8 -c >"$work/text"
    jq -n --slurpfile call "$work/call" --rawfile text "$work/text" \
      '{role: "tool", tool_call_id: $call[0].id, content: $text}' >>"$work/messages"
  done
done
echo "Stopped after 50 replies." >&2
exit 1
