/**
 * Charts: {@link org.ttm4j.eval.plot.Panel} is what they show, {@link org.ttm4j.eval.plot.Axis} chooses their ticks, and each
 * {@link org.ttm4j.eval.plot.Panel.Canvas} draws them in a medium: SVG, PNG, HTML and the characters of a terminal.
 */
package org.ttm4j.eval.plot;
