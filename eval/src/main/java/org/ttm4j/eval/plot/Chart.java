package org.ttm4j.eval.plot;

import java.util.List;

/**
 * Panels one below the other.
 *
 * @param subtitle one line below it
 * @param panels at least one; neighbours with the same axis across share its ticks
 */
public record Chart(String title, String subtitle, List<Panel> panels) {}
