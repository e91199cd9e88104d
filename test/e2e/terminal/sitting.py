"""Runs programs on pseudo-terminals, one after the other, and plays the person at them.

stdin, a line each: {"argv", "env", "cwd", "rows", "columns", "limit", "steps": [[pattern, text], ...]}. Each step waits for its
pattern (a regular expression) in what was printed since the last step, then types its text.
stdout, a line each: {"code", "signal", "screen", "echo", "canonical", "late"}: the exit status, all that was printed, whether the
terminal echoes and edits lines again after the program's end, and the step that was waited for in vain, if any.
"""

import fcntl, json, os, pty, re, select, signal, struct, sys, termios, time


def sit(wish):
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", wish["rows"], wish["columns"], 0, 0))
    child = os.fork()
    if child == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for stream in (0, 1, 2):
            os.dup2(slave, stream)
        os.closerange(3, 64)
        if wish.get("cwd"):
            os.chdir(wish["cwd"])
        os.execvpe(wish["argv"][0], wish["argv"], wish["env"])

    steps = [(re.compile(pattern, re.S), text) for pattern, text in wish["steps"]]
    end = time.monotonic() + wish["limit"]
    screen = ""
    seen = 0
    status = None
    while status is None:
        ready, _, _ = select.select([master], [], [], 0.02)
        if ready:
            try:
                screen += os.read(master, 65536).decode("utf-8", "replace")
            except OSError:
                pass
        if steps:
            found = steps[0][0].search(screen, seen)
            if found:
                seen = len(screen)
                time.sleep(0.05)
                os.write(master, steps.pop(0)[1].encode())
        done, code = os.waitpid(child, os.WNOHANG)
        if done:
            status = code
        elif time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            status = os.waitpid(child, 0)[1]
    while select.select([master], [], [], 0.05)[0]:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        screen += part.decode("utf-8", "replace")
    modes = termios.tcgetattr(slave)[3]
    os.close(slave)
    os.close(master)
    return {
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        "screen": screen,
        "echo": bool(modes & termios.ECHO),
        "canonical": bool(modes & termios.ICANON),
        "late": steps[0][0].pattern if steps else None,
    }


for line in iter(sys.stdin.readline, ""):
    print(json.dumps(sit(json.loads(line))), flush=True)
