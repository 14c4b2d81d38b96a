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
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(isText(c) ? c : '?');
            }
        });
        return safe.toString();
    }

    private static boolean isText(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL && type != Character.FORMAT && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.UNASSIGNED;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
