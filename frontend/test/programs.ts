/** Programs as Python prints them, small enough to check by hand. */

import type { LandscapeProgram, RuleProgram } from "../src/core/program";

export const parabola: LandscapeProgram = {
  name: "parabola",
  math: "",
  variables: ["x"],
  bounds: [[-3, 3]],
  start: [2],
  minima: [[0]],
  valleys: [[0]],
  quadratic: true,
  value: { lines: [], results: ["0.5*theta_0*theta_0"] },
  gradient: { lines: [], results: ["theta_0"] },
  hessian: { lines: [], results: ["1.0"] },
};

/** J = ½(x² − y²): a saddle at the origin. */
export const saddle: LandscapeProgram = {
  name: "saddle",
  math: "",
  variables: ["x", "y"],
  bounds: [
    [-1, 1],
    [-1, 1],
  ],
  start: [1, 0],
  minima: [],
  valleys: [],
  quadratic: true,
  value: { lines: [["a0", "theta_0*theta_0"]], results: ["0.5*(a0 - theta_1*theta_1)"] },
  gradient: { lines: [], results: ["theta_0", "-theta_1"] },
  hessian: { lines: [], results: ["1.0", "0.0", "0.0", "-1.0"] },
};

const eta = {
  symbol: "eta",
  letter: "η",
  keyword: "learning_rate",
  value: 0.5,
  low: 1e-4,
  high: 10,
  scale: "log",
} as const;
const beta = {
  symbol: "beta",
  letter: "β",
  keyword: "decay",
  value: 0.5,
  low: 0,
  high: 0.999,
  scale: "to one",
} as const;

export const gradientDescent: RuleProgram = {
  name: "gradient descent",
  moments: [],
  hyperparameters: [eta],
  powers: [],
  once: [],
  each_step: [],
  each_coordinate: [["theta_i", "theta_i - eta*g_i"]],
  bound: { code: "2.0", text: "2/L" },
  terms: [{ name: "gradient", lines: [], results: ["-eta*g"] }],
};

export const momentum: RuleProgram = {
  name: "momentum",
  moments: [["m", 0]],
  hyperparameters: [eta, beta],
  powers: [],
  once: [],
  each_step: [],
  each_coordinate: [
    ["m_i", "beta*m_i + g_i"],
    ["theta_i", "theta_i - eta*m_i"],
  ],
  bound: null,
  terms: [
    { name: "gradient", lines: [], results: ["-eta*g"] },
    { name: "memory", lines: [], results: ["-eta*beta*m"] },
  ],
};

/** A rule with a local line, a power of a hyperparameter and a line each step, as Adam has. */
export const corrected: RuleProgram = {
  name: "corrected",
  moments: [["m", 0]],
  hyperparameters: [eta, beta],
  powers: [["beta_power", "beta"]],
  once: [["c0", "1.0 - beta"]],
  each_step: [["c1", "1.0 - beta_power"]],
  each_coordinate: [
    ["m_i", "beta*m_i + c0*g_i"],
    ["m_hat_i", "m_i/c1"],
    ["theta_i", "theta_i - eta*m_hat_i"],
  ],
  bound: null,
  terms: [],
};
