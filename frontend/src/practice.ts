/** Part V's and VI's widgets as a script of their own, for pages that show one; it borrows what the page's script has. */

import { PRACTICE } from "./registry-practice";

window.gdPractice = PRACTICE;
