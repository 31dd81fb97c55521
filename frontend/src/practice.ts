/** Part V's widgets as a script of their own, loaded by the pages that show one. Its parts that every page has are lent. */

import { PRACTICE } from "./registry-practice";

window.gdPractice = PRACTICE;
