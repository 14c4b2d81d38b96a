package org.ttm4j.eval.plot;

/** Paths in the language of SVG. */
final class SvgPath {
    private SvgPath() {}

    /** The element of a line that is broken where a y is NaN, or of a closed line; empty for a line without points. */
    static String of(String style, double[] x, double[] y, boolean closed) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < y.length; i++) {
            if (Double.isNaN(y[i])) continue;
            boolean begins = i == 0 || Double.isNaN(y[i - 1]);
            boolean ends = i + 1 == y.length || Double.isNaN(y[i + 1]);
            path.append(begins ? 'M' : 'L').append(number(x[i])).append(' ').append(number(y[i]));
            // A single point would be invisible. A line of length 0 has round ends, so that it shows as a dot.
            if (begins && ends) path.append("h0");
        }
        path.append(closed ? "Z" : "");
        return path.isEmpty() ? "" : "<path class=\"" + style + "\" d=\"" + path + "\"/>\n";
    }

    /** A number rounded to tenths. String.format would take longer than the rest of the picture. */
    static String number(double value) {
        long tenths = Math.round(value * 10);
        String sign = tenths < 0 ? "-" : "";
        long size = Math.abs(tenths);
        return sign + size / 10 + (size % 10 == 0 ? "" : "." + size % 10);
    }
}
