package org.ttm4j.cli.plot;

/** What a picture is drawn on. Coordinates are in pixels, y downwards; styles are the classes of {@link SvgCanvas}. */
interface Canvas {
    /** A filled rectangle. */
    void box(String style, double x, double y, double width, double height);

    /** A path in the language of SVG, of the commands M, L, H, V, h, v and Z. */
    void path(String style, String data);

    /** A line of text; an empty style for the usual. */
    void text(String style, double x, double y, String text);
}
