"""Living figures: anywidget classes whose traits are choices; what is drawn is computed in the browser."""

from gdlib.widgets.batch_race import BatchRace as BatchRace
from gdlib.widgets.explorer import DescentExplorer as DescentExplorer
from gdlib.widgets.quiz import Option as Option
from gdlib.widgets.quiz import Quiz as Quiz
