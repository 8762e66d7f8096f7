"""The verdicts that charts read are those that the analysis writes."""

from analysis.verdict import Verdict
from charts import verdicts


def test_the_words_are_those_of_the_analysis() -> None:
    read = {name: value for name, value in vars(verdicts).items() if name.isupper()}
    assert read == {verdict.name: verdict.value for verdict in Verdict}
