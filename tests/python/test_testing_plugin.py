"""The pytest plugin, in runs of its own: what its fixtures do, and that nobody else notices it."""

import subprocess
import sys
from importlib.metadata import entry_points

import pytest

pytest_plugins = ["pytester"]


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    """Runs a file of tests as a user does, whose warnings are errors."""
    pytester.makepyfile(source)
    return pytester.runpytest_subprocess("-W", "error", "--strict-markers", *options)


def test_the_package_names_its_plugin() -> None:
    (found,) = (entry for entry in entry_points(group="pytest11") if entry.name == "hookproof")
    assert found.value == "pytest_hookproof"


def test_three_lines_make_a_test(pytester: pytest.Pytester) -> None:
    source = """
        from hookproof import Receiver, Verifier

        receiver = Receiver(Verifier("fourvenues", secret="s3cr3t"))

        def test_a_payment(hookproof_request):
            request = hookproof_request("fourvenues", secret="s3cr3t", event="payment.success")
            assert receiver.receive(request.body, request.headers, print).status == 200
            request = request.tampered()
            assert receiver.receive(request.body, request.headers, print).status == 403
        """
    run(pytester, source).assert_outcomes(passed=1)


def test_tokens_are_signed_with_keys_that_are_made_once(pytester: pytest.Pytester) -> None:
    source = """
        from hookproof import Provider, Verifier
        import pytest

        made = []

        @pytest.mark.parametrize("number", [1, 2])
        @pytest.mark.parametrize("provider", ["pitchpoint", Provider.named("jwt-bearer")])
        def test_an_order(hookproof_request, hookproof_keys, provider, number):
            request = hookproof_request(provider)
            Verifier(provider, **hookproof_keys.verifier).verify(request.body, request.headers)
            made.append(hookproof_keys)

        def test_the_keys():
            assert len(made) == 4 and len({id(keys) for keys in made}) == 1

        def test_other_keys_win(hookproof_request, hookproof_keys):
            request = hookproof_request("pitchpoint", audience="another")
            verifier = Verifier("pitchpoint", **{**hookproof_keys.verifier, "audience": "another"})
            verifier.verify(request.body, request.headers)
        """
    run(pytester, source).assert_outcomes(passed=6)


def test_no_keys_are_made_for_a_shared_secret(pytester: pytest.Pytester) -> None:
    source = """
        def test_a_push(hookproof_request, monkeypatch):
            import hookproof.testing
            monkeypatch.delattr("hookproof._native.generate_keys")
            hookproof_request("github", secret="s3cr3t")
            hookproof_request("vonage", secret="s3cr3t", attributes={}, claims={"api_key": "a"})
        """
    run(pytester, source).assert_outcomes(passed=1)


def test_the_clock_stands_still_in_one_test_and_runs_in_the_next(pytester: pytest.Pytester) -> None:
    source = """
        import time
        from hookproof import Verifier, VerificationError
        import pytest

        SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        verifier = Verifier("eventsair", secret=SECRET)

        def test_it_is_too_old_after_a_while(hookproof_clock, hookproof_request):
            request = hookproof_request("eventsair", secret=SECRET)
            hookproof_clock.tick(301)
            with pytest.raises(VerificationError) as caught:
                verifier.verify(request.body, request.headers)
            assert caught.value.code == "timestamp_too_old"
            raise RuntimeError("a test that fails")

        def test_the_next(hookproof_request):
            request = hookproof_request("eventsair", secret=SECRET)
            assert abs(int(request.headers["Webhook-Timestamp"]) - time.time()) < 60
            verifier.verify(request.body, request.headers)
        """
    result = run(pytester, source)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*RuntimeError: a test that fails"])


def test_a_run_that_asks_for_nothing_imports_nothing(pytester: pytest.Pytester) -> None:
    source = """
        import sys

        def test_what_is_imported():
            assert "pytest_hookproof" in sys.modules
            assert [name for name in sys.modules if name.partition(".")[0] == "hookproof"] == []
        """
    run(pytester, source).assert_outcomes(passed=1)


def test_a_run_goes_on_where_hookproof_itself_cannot_be_imported(pytester: pytest.Pytester) -> None:
    source = """
        import sys

        sys.modules["hookproof"] = None

        def test_something_else():
            assert True

        def test_a_request(hookproof_request):
            pass
        """
    run(pytester, source).assert_outcomes(passed=1, errors=1)


def test_a_program_that_has_imported_hookproof_can_start_pytest(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_something():\n    assert True\n")
    program = "import sys, hookproof, pytest; sys.exit(pytest.main(['-W', 'error']))"
    assert pytester.run(sys.executable, "-c", program).ret == 0


def test_it_can_be_turned_off(pytester: pytest.Pytester) -> None:
    source = """
        def test_a_request(hookproof_request):
            pass
        """
    result = run(pytester, source, "-p", "no:hookproof")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'hookproof_request' not found*"])


def test_the_fixtures_say_what_they_are(pytester: pytest.Pytester) -> None:
    result = run(pytester, "", "--fixtures")
    for name in ("hookproof_clock", "hookproof_keys", "hookproof_request"):
        result.stdout.fnmatch_lines([f"{name}*", "    [A-Z]*"])


def test_the_package_of_the_plugin_is_small_and_imports_nothing_but_pytest() -> None:
    program = (
        "import sys, pytest; before = set(sys.modules); import pytest_hookproof; "
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, text=True)
    assert done.stdout.split() == ["pytest_hookproof"]
