"""Living figures: anywidget classes whose traits are choices, which the browser draws."""

from gdlib.widgets.basin_map import BasinMap as BasinMap
from gdlib.widgets.batch_race import BatchRace as BatchRace
from gdlib.widgets.contour_ellipse import ContourEllipse as ContourEllipse
from gdlib.widgets.decision_boundary import DecisionBoundary as DecisionBoundary
from gdlib.widgets.descent_explorer import DescentExplorer as DescentExplorer
from gdlib.widgets.descent_line import DescentLine as DescentLine
from gdlib.widgets.digit_pad import DigitPad as DigitPad
from gdlib.widgets.edge_of_stability import EdgeOfStability as EdgeOfStability
from gdlib.widgets.item_map import ItemMap as ItemMap
from gdlib.widgets.line_fit import LineFit as LineFit
from gdlib.widgets.line_search import LineSearch as LineSearch
from gdlib.widgets.momentum_map import MomentumMap as MomentumMap
from gdlib.widgets.newton_line import NewtonLine as NewtonLine
from gdlib.widgets.path_player import PathPlayer as PathPlayer
from gdlib.widgets.probe_hunt import ProbeHunt as ProbeHunt
from gdlib.widgets.quiz import Option as Option
from gdlib.widgets.quiz import Quiz as Quiz
from gdlib.widgets.text_sampler import TextSampler as TextSampler
from gdlib.widgets.turned_bowl import TurnedBowl as TurnedBowl
from gdlib.widgets.word_neighbours import WordNeighbours as WordNeighbours
from gdlib.widgets.worst_case import WorstCase as WorstCase
