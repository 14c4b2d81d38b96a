package org.ttm4j.eval.plot;

import java.util.List;

/** Draws panels as an SVG, which is legible on light and on dark backgrounds. */
public final class SvgPicture extends Picture {
    /** Colours are set twice, so that a viewer that does not know the media query shows the light ones. */
    private static final String STYLE = """
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
            .anomaly{fill:none;stroke:#c2255c;stroke-width:6;stroke-linecap:round}
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
            .anomaly{stroke:#f783ac}
            }
            """;

    private final Html svg = new Html();

    private SvgPicture(String title, String subtitle, List<Panel> panels) {
        super(title, subtitle, panels);
    }

    /** The panels, at least one, below a title and a line. The same ones give the same text. */
    public static String of(String title, String subtitle, List<Panel> panels) {
        SvgPicture picture = new SvgPicture(title, subtitle, panels);
        String size = "width=\"" + WIDTH + "\" height=\"" + picture.height() + "\"";
        picture.svg
                .raw("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + picture.height() + "\" "
                        + size + " role=\"img\">\n")
                .element("title", title)
                .element("desc", subtitle)
                .raw("<style>\n" + STYLE + "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
        picture.draw();
        return picture.svg.raw("</svg>\n").toString();
    }

    @Override
    void pixels(String style, double[] x, double[] y, boolean closed) {
        svg.path(style, x, y, closed);
    }

    @Override
    void write(String style, double x, double y, String text) {
        String tag = style.isEmpty() ? "text" : "text class=\"" + style + "\"";
        svg.element(tag + " x=\"" + Html.number(x) + "\" y=\"" + Html.number(y) + "\"", text);
    }
}
