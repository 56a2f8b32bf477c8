#!/usr/bin/env python3
"""A coding agent in one file, with nothing but Python's standard library: python3 solution.py "your request"."""
import json, os, re, signal, subprocess, sys, time, urllib.error, urllib.request

URL = os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1") + "/chat/completions"
KEY = os.environ.get("OPENAI_API_KEY", "")
MODEL = os.environ.get("CHECK_MODEL", "gpt-5.4-mini")
LIMIT = 30_000  # characters of one result
STEPS = 50  # replies of one turn
running = None  # the command that runs now
starting = False  # a command has been started, and is not in `running` yet
stopped = None  # the signal that told us to end


class Failure(Exception):
    """What is said on stderr before the agent ends with 1."""


def clip(text):
    if len(text) <= LIMIT:
        return text or "(empty)"
    return text[: LIMIT // 2] + f"\n[{len(text) - LIMIT} characters are left out]\n" + text[-LIMIT // 2 :]


def load(path):
    """The bytes of a file as text. Strict: a decoder that guesses would destroy them on the way back."""
    if not os.path.exists(path):
        raise ValueError(f"{path} does not exist")
    if not os.path.isfile(path):
        raise ValueError(f"{path} is not a regular file")
    with open(path, "rb") as file:
        return file.read().decode("utf-8")


def store(path, text):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "wb") as file:  # in place: the mode stays
        file.write(text.encode("utf-8"))


def read_file(path):
    return clip(load(path))


def list_files(path="."):
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if name not in (".git", "node_modules", "__pycache__")]
        found += [os.path.relpath(os.path.join(folder, name), path) for name in names]
    return clip("\n".join(sorted(found)))


def search(pattern, path="."):
    try:
        wanted = re.compile(pattern)
    except re.error:
        wanted = re.compile(re.escape(pattern))
    matches = []
    for name in list_files(path).split("\n"):
        try:
            lines = load(os.path.join(path, name)).split("\n")
        except (ValueError, OSError):
            continue  # no text
        matches += [f"{name}:{n}: {line}" for n, line in enumerate(lines, 1) if wanted.search(line)]
    return clip("\n".join(matches)) if matches else "No match."


def edit_file(path, old_text, new_text):
    text = load(path)
    if "\r\n" in text and old_text not in text:
        old_text, new_text = old_text.replace("\n", "\r\n"), new_text.replace("\n", "\r\n")
    count = text.count(old_text) if old_text else 0
    if count != 1:
        raise ValueError(f"old_text is in {path} {count} times, and must be there once")
    store(path, text.replace(old_text, new_text))
    return "Edited."


def write_file(path, content):
    store(path, content)
    return "Written."


def run_bash(command):
    global running, starting
    env = {name: value for name, value in os.environ.items() if not name.endswith("_KEY")}
    with open(os.devnull) as nothing, open_temporary() as out:
        starting = True
        running = subprocess.Popen(
            ["bash", "-c", command], stdin=nothing, stdout=out, stderr=subprocess.STDOUT, env=env, start_new_session=True
        )
        starting = False
        if stopped:
            stop(stopped)
        try:
            code = running.wait(timeout=120)
        except subprocess.TimeoutExpired:
            code = "none: it was stopped after 120 s"
        end_command()
        out.seek(0)
        text = out.read().decode("utf-8", "replace").replace("\0", "")
    return f"exit code: {code}\n{clip(text)}"


def open_temporary():
    """A file and not a pipe: a child in the background would hold the pipe open."""
    import tempfile

    return tempfile.TemporaryFile()


def end_command():
    """Ends the command's whole group, so that nothing it started stays behind."""
    if running is not None:
        try:
            os.killpg(running.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


TOOLS = {tool.__name__: tool for tool in (read_file, list_files, search, edit_file, write_file, run_bash)}


def declaration(tool):
    names = tool.__code__.co_varnames[: tool.__code__.co_argcount]
    required = names[: len(names) - len(tool.__defaults__ or ())]
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}, "required": list(required)}
    return {"type": "function", "function": {"name": tool.__name__, "parameters": schema}}


def run_call(name, written):
    """Whatever is wrong with a call is its result: the model reads it, and does better."""
    try:
        if name not in TOOLS:
            return f"There is no tool {name}. There are: {', '.join(TOOLS)}."
        given = json.loads(written)
        if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
            return "The arguments must be an object of strings."
        return TOOLS[name](**given)
    except (ValueError, TypeError, OSError) as error:
        return f"That did not work: {error}"


def ask(messages):
    body = json.dumps({"model": MODEL, "messages": messages, "tools": [declaration(tool) for tool in TOOLS.values()]})
    headers = {"content-type": "application/json", "authorization": f"Bearer {KEY}"}
    for attempt in range(4):
        try:
            with urllib.request.urlopen(urllib.request.Request(URL, body.encode(), headers), timeout=600) as answer:
                return json.load(answer)["choices"][0]
        except urllib.error.HTTPError as error:
            said = error.read().decode("utf-8", "replace").replace(KEY or "\0", "***")
            if error.code not in (429, 500, 502, 503, 504, 529) or attempt == 3:
                raise Failure(f"The service answers {error.code}: {said[:500]}")
        except (OSError, ValueError, KeyError, IndexError) as error:
            if attempt == 3:
                raise Failure(f"The reply did not arrive: {error}")
        time.sleep(0.2 * 2**attempt)


def turn(messages):
    for _ in range(STEPS):
        choice = ask(messages)
        message = choice["message"]
        messages.append(message)
        for call in message.get("tool_calls") or []:
            wanted = call["function"]
            cut = choice["finish_reason"] == "length"
            text = "Not run: the reply was cut off." if cut else run_call(wanted["name"], wanted["arguments"])
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": text})
        if not message.get("tool_calls"):
            return message.get("content") or ""
    raise Failure(f"Stopped after {STEPS} replies.")


def stop(number, _=None):
    global stopped
    stopped = number
    if not starting:
        end_command()
        sys.exit(128 + number)


def main():
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)
    request = " ".join(sys.argv[1:]) or sys.stdin.read()
    try:
        print(turn([{"role": "user", "content": request}]))
    except Failure as failure:
        sys.exit(str(failure))


main()
