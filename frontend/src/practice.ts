/** Part V's and VI's widgets as a script of their own, for pages that show one; the page's script lends what it has itself. */

import { PRACTICE } from "./registry-practice";

window.gdPractice = PRACTICE;
