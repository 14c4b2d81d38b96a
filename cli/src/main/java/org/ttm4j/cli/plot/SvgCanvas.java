package org.ttm4j.cli.plot;

import org.ttm4j.data.series.Printable;

/** Draws an SVG. Not thread-safe. */
final class SvgCanvas implements Canvas {
    /** Colours are set twice, so that a viewer that does not know the media query shows the light ones. */
    static final String STYLE = """
            text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",sans-serif;fill:#5b6472}
            .paper{fill:#ffffff}
            .title{font-size:18px;font-weight:600;fill:#1b2028}
            .name{font-size:13px;font-weight:600;fill:#1b2028}
            .value{text-anchor:end}
            .date{text-anchor:middle}
            .grid{stroke:#e7e9ee;fill:none}
            .axis{stroke:#c3c8d1;fill:none}
            .now{stroke:#9aa2af;stroke-dasharray:3 3;fill:none}
            .future{fill:#d9480f;fill-opacity:.06}
            .band{fill:#d9480f;fill-opacity:.16}
            .history,.forecast{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
            .history{stroke:#44546a}
            .forecast{stroke:#d9480f;stroke-width:2}
            @media (prefers-color-scheme:dark){
            text{fill:#a2abb9}
            .paper{fill:#14171c}
            .title,.name{fill:#eceff4}
            .grid{stroke:#262b33}
            .axis{stroke:#4a525f}
            .now{stroke:#6d7684}
            .future{fill:#ff9a5c;fill-opacity:.08}
            .band{fill:#ff9a5c;fill-opacity:.2}
            .history{stroke:#a9b8cd}
            .forecast{stroke:#ff9a5c}
            }
            """;

    private final StringBuilder svg = new StringBuilder();

    /** Begins a picture. */
    SvgCanvas(String title, String description, int width, int height) {
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height)
                .append("\" role=\"img\">\n<title>")
                .append(escape(title))
                .append("</title>\n<desc>")
                .append(escape(description))
                .append("</desc>\n<style>\n")
                .append(STYLE)
                .append("</style>\n");
        svg.append("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
    }

    @Override
    public void box(String style, double x, double y, double width, double height) {
        svg.append("<rect class=\"").append(style).append("\" x=\"").append(ForecastPlot.number(x));
        svg.append("\" y=\"").append(ForecastPlot.number(y)).append("\" width=\"");
        svg.append(ForecastPlot.number(width)).append("\" height=\"").append(ForecastPlot.number(height));
        svg.append("\"/>\n");
    }

    @Override
    public void path(String style, String data) {
        svg.append("<path class=\"").append(style).append("\" d=\"").append(data).append("\"/>\n");
    }

    @Override
    public void text(String style, double x, double y, String text) {
        svg.append("<text");
        if (!style.isEmpty()) svg.append(" class=\"").append(style).append('"');
        svg.append(" x=\"")
                .append(ForecastPlot.number(x))
                .append("\" y=\"")
                .append(ForecastPlot.number(y))
                .append("\">")
                .append(escape(text))
                .append("</text>\n");
    }

    /** The whole picture. */
    String end() {
        return svg.append("</svg>\n").toString();
    }

    /** Text without what turns the direction of writing, for XML 1.0, which cannot express single surrogates. */
    private static String escape(String text) {
        StringBuilder out = new StringBuilder();
        Printable.of(text).codePoints().forEach(c -> {
            if (c == '&') out.append("&amp;");
            else if (c == '<') out.append("&lt;");
            else if (c == '>') out.append("&gt;");
            else if ((c >= 0xd800 && c < 0xe000) || c == 0xfffe || c == 0xffff) out.append('?');
            else out.appendCodePoint(c);
        });
        return out.toString();
    }
}
