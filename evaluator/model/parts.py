"""The parts that a study may lack."""

from typing import Literal

Part = Literal["agencies", "allocation", "countries", "designation", "financing", "requests"]
"""agencies: more than one, so that they can agree or not. allocation: tools, and what they could be
given to. countries: a table of them. designation: a rule that parts the ranked packages. financing:
institutions. requests: amounts that packages ask for."""
