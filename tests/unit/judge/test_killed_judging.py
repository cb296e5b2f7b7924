"""A judging that is killed goes on with the same command; what was answered is not asked again."""

import asyncio
import json
import sys

from judged_runs import always, run_with_rubric, scripted, verdict

from driftlang.judge.reading import read_verdicts

VOTES, QUESTIONS, STEPS = 20, 40, 8
_PRICES = '["acme/reader-1"]\ninput = 1\noutput = 1\n'


def _provider(base_url):
    return f'[acme]\nbase_url = "{base_url}"\nprotocol = "chat"\npackage = "none"\n'


async def _judge(run, folder):
    arguments = ("judge", "run", run, "--judge", "acme/reader-1", "--votes", VOTES, "--jobs", 2, "--json", "--quiet")
    files = ("--providers", folder / "providers.toml", "--prices", folder / "prices.toml")
    words = [str(word) for word in (*arguments, *files)]
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "driftlang", *words), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )


def test_a_killed_judging_goes_on_and_has_lost_no_answer_but_those_under_way(tmp_path):
    run = run_with_rubric(tmp_path / "run")

    async def kill_and_go_on():
        reached = asyncio.Event()

        def answer():
            if len(judge.asked) >= QUESTIONS // 2:
                reached.set()
            return always(verdict())()

        async with scripted(answer) as judge, asyncio.timeout(60):
            (tmp_path / "providers.toml").write_text(_provider(judge.base_url), encoding="utf-8")
            (tmp_path / "prices.toml").write_text(_PRICES, encoding="utf-8")
            first = await _judge(run, tmp_path)
            await reached.wait()
            first.kill()
            await first.wait()
            kept = len({one.digest for one in read_verdicts(run)})
            asked = len(judge.asked)
            second = await _judge(run, tmp_path)
            said, _ = await second.communicate()
            return kept, asked, len(judge.asked) - asked, second.returncode, json.loads(said)

    kept, asked, asked_again, status, told = asyncio.run(kill_and_go_on())
    assert status == 0
    assert asked - kept <= 2  # as many as were asked at a time
    assert asked_again == QUESTIONS - kept == told["asked"]
    assert len(list(read_verdicts(run))) == told["votes"] == VOTES * STEPS
