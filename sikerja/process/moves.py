"""One verb on one stage, as it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sikerja.process.answers import Given

# The ground by which a stage of the assembly ends in silence (Permendagri 25/2020 Pasal 17 ayat (3), as the law data has it).
SILENCE = "dianggap_disetujui"


@dataclass(frozen=True)
class Move:
    """What is to be done to a stage: the verb, on which day, why, with which answers and files.

    `files` are ids of files handed in without saying for what, `papers` documents by name with the file that serves them.
    `overrides` is True for whoever may pass over a missing document with a reason.
    """

    verb: str
    on: date
    remark: str = ""
    ground: str = ""
    files: tuple[int, ...] = ()
    papers: Mapping[str, int] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Given] = field(default_factory=dict)
    override_reason: str = ""
    overrides: bool = False
    holder: str = ""

    @property
    def by_silence(self) -> bool:
        """True where the stage is to end because no answer came."""
        return self.verb == "finish" and self.ground == SILENCE
