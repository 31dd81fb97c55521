/** Part V's and VI's widgets as a script of their own; it borrows what the page's script has itself. */

import { PRACTICE } from "./registry-practice";

window.gdPractice = PRACTICE;
