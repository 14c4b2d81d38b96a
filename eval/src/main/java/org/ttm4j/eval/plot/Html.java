package org.ttm4j.eval.plot;

/** Writes HTML and SVG: tags as given, text escaped. Not thread-safe. */
public final class Html {
    private final StringBuilder out = new StringBuilder();

    /** Appends markup as it is. */
    public Html raw(String markup) {
        out.append(markup);
        return this;
    }

    /**
     * Appends an element with text.
     *
     * @param tag the name, followed by attributes or not
     * @param text the text, which is {@linkplain #escape escaped}
     */
    public Html element(String tag, String text) {
        return raw("<" + tag + ">" + escape(text) + "</" + tag.split(" ", 2)[0] + ">\n");
    }

    /**
     * Text for content and attributes. Characters that control the direction of writing, or are not allowed, become ?.
     */
    public static String escape(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Cn}]", "?")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** A path of SVG: a line that is broken where a y is NaN, or a closed line; nothing for a line without points. */
    Html path(String style, double[] x, double[] y, boolean closed) {
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
        return path.isEmpty() ? this : raw("<path class=\"" + style + "\" d=\"" + path + "\"/>\n");
    }

    /** A number rounded to tenths. String.format would take longer than the rest of the picture. */
    static String number(double value) {
        long tenths = Math.round(value * 10);
        String sign = tenths < 0 ? "-" : "";
        long size = Math.abs(tenths);
        return sign + size / 10 + (size % 10 == 0 ? "" : "." + size % 10);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
