"""The interpreter ends, or there is another one: no crash, and nothing on the standard error."""

import subprocess
import sys
import textwrap

import pytest
from figures import SHORT, report

ROUNDS = 5 if SHORT else 40

PREPARED = """
import atexit, os, sys, threading, time
from hookproof import HookproofError, MemoryStore, Receiver, Signer, SqliteStore, Verifier

body = b'{"id":"1","event":"x","payload":"' + b"a" * SIZE + b'"}'
headers = Signer("fourvenues", secret="k").sign(body).headers
verifier = Verifier("fourvenues", secret="k")
event = verifier.verify(body, headers)
store = MemoryStore()
"""

ENDINGS = {
    "daemon threads verify": """
        def run():
            while True:
                verifier.verify(body, headers)
                store.claim(str(time.monotonic()), 60)
        for _ in range(8):
            threading.Thread(target=run, daemon=True).start()
        time.sleep(0.05)
    """,
    "globals and cycles": """
        class Cycle:
            def __init__(self):
                self.own, self.event, self.verifier = self, event, verifier
            def __del__(self):
                # Late: modules may be gone.
                self.event.data, self.event.proof.covers, self.verifier.verify(body, headers)
        kept = [Cycle() for _ in range(3)]
        sys.kept = Cycle()
    """,
    "at exit": """
        def last():
            assert verifier.verify(body, headers).id == "1"
            try:
                verifier.verify(body + b" ", headers)
            except HookproofError as error:
                assert error.code == "no_matching_signature"
            else:
                os._exit(9)
        atexit.register(last)
    """,
    "threads after the main one": """
        def run():
            for _ in range(200):
                verifier.verify(body, headers)
        for _ in range(8):
            threading.Thread(target=run).start()
    """,
    "the loop is left": """
        import asyncio
        async def main():
            tasks = [asyncio.create_task(verifier.averify(body, headers)) for _ in range(20)]
            await asyncio.sleep(0)
            for task in tasks:
                task.cancel()
        asyncio.run(main())
    """,
}


def _run(program: str, size: int = 10) -> subprocess.CompletedProcess[str]:
    source = f"SIZE = {size}\n{PREPARED}{textwrap.dedent(program)}"
    return _python(source)


def _python(source: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "faulthandler", "-c", source]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("size", [10, 100_000])
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_interpreter_ends_in_the_middle_of_work(ending: str, size: int) -> None:
    for _ in range(ROUNDS):
        ended = _run(ENDINGS[ending], size)
        assert (ended.returncode, ended.stderr) == (0, "")


# Each version of Python has another private module for them; 3.14 has a public one.
IN_ANOTHER = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
import sys

def run(source):
    kinds = ["legacy"] if sys.version_info >= (3, 13) else []
    interpreter = interpreters.create(*kinds)
    caught = "except ImportError as error:\\n  print('ImportError:', error)"
    interpreters.run_string(interpreter, f"import sys\\ntry:\\n  {source}\\n{caught}\\nsys.stdout.flush()")
    return interpreter
"""


def _interpreters(program: str) -> str:
    ended = _python(IN_ANOTHER + textwrap.dedent(program))
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def test_a_second_interpreter_of_a_process_is_refused_clearly() -> None:
    """What a process keeps once, such as the classes of errors, would be the other interpreter's."""
    said = _interpreters("""
        import hookproof
        run("import hookproof; print('imported')")
        print(hookproof.Verifier("fourvenues", secret="k"))
    """)
    report("subinterpreter", python=".".join(map(str, sys.version_info[:3])), said=repr(said.splitlines()[0]))
    assert said.startswith("ImportError: hookproof works in one interpreter of a process")
    assert said.endswith("<Verifier 'fourvenues'>\n")


def test_it_is_refused_although_the_first_one_has_ended() -> None:
    said = _interpreters("""
        first = run("import hookproof; print('imported')")
        interpreters.destroy(first)
        run("import hookproof; print('imported')")
    """)
    assert said.splitlines()[0] == "imported"
    assert said.splitlines()[1].startswith("ImportError: hookproof works in one interpreter")
