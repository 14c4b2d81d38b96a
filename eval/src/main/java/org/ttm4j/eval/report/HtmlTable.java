package org.ttm4j.eval.report;

import java.util.List;
import org.ttm4j.eval.plot.Html;

/** A table of numbers in a box that scrolls sideways, also by keyboard. Not thread-safe. */
public final class HtmlTable {
    /** A table with at most so many columns does not fill the width of the page. */
    private static final int FEW = 3;

    private final Html html = new Html();

    /** @param columns the header, including that of the first column */
    public HtmlTable(String caption, List<String> columns) {
        html.raw("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"" + Html.escape(caption)
                + (columns.size() > FEW ? "\">\n<table>\n" : "\">\n<table class=\"few\">\n"));
        html.element("caption", caption).raw("<thead>\n<tr>\n");
        for (String column : columns) html.element("th scope=\"col\"", column);
        html.raw("</tr>\n</thead>\n<tbody>\n");
    }

    public HtmlTable row(String name, List<String> cells) {
        return add("<tr>\n<th scope=\"row\">" + Html.escape(name), cells);
    }

    /** Adds a row whose name is a link. */
    public HtmlTable linkRow(String address, String name, List<String> cells) {
        String link = new Html().element("a href=\"" + Html.escape(address) + "\"", name).toString();
        return add("<tr>\n<th scope=\"row\">" + link, cells);
    }

    /** Adds the row that the table is about. */
    public HtmlTable mainRow(String name, List<String> cells) {
        return add("<tr class=\"main\">\n<th scope=\"row\">" + Html.escape(name), cells);
    }

    private HtmlTable add(String head, List<String> cells) {
        html.raw(head + "</th>\n");
        for (String cell : cells) html.element("td", cell);
        html.raw("</tr>\n");
        return this;
    }

    @Override
    public String toString() {
        return html + "</tbody>\n</table>\n</div>\n";
    }
}
