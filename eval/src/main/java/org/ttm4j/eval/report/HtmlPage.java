package org.ttm4j.eval.report;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.ttm4j.eval.page.Template;
import org.ttm4j.eval.plot.Html;
import org.ttm4j.ttm.io.Checkpoint;

/** The frame of a page: a head with the style sheet {@code page.css}, and a policy that allows nothing else. */
public final class HtmlPage {
    private HtmlPage() {}

    /**
     * A whole document.
     *
     * @param body the content of the body, as markup
     */
    public static String of(String title, String body) {
        String style = Template.resource(HtmlPage.class, "page.css");
        byte[] hash = Checkpoint.sha256().digest(style.getBytes(StandardCharsets.UTF_8));
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"
                + Base64.getEncoder().encodeToString(hash)
                + "'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" + Html.escape(title)
                + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n" + body + "</body>\n</html>\n";
    }

    /** A table of numbers in a box that scrolls sideways, also by keyboard. Not thread-safe. */
    public static final class Table {
        /** A table with at most so many columns does not fill the width of the page. */
        private static final int FEW = 3;

        private final Html html = new Html();

        /** @param columns the header, including that of the first column */
        public Table(String caption, List<String> columns) {
            html.raw("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"" + Html.escape(caption)
                    + (columns.size() > FEW ? "\">\n<table>\n" : "\">\n<table class=\"few\">\n"));
            html.element("caption", caption).raw("<thead>\n<tr>\n");
            for (String column : columns) html.element("th scope=\"col\"", column);
            html.raw("</tr>\n</thead>\n<tbody>\n");
        }

        public Table row(String name, List<String> cells) {
            return add("<tr>\n<th scope=\"row\">" + Html.escape(name), cells);
        }

        /** Adds a row whose name is a link. */
        public Table linkRow(String address, String name, List<String> cells) {
            String link = new Html().element("a href=\"" + Html.escape(address) + "\"", name).toString();
            return add("<tr>\n<th scope=\"row\">" + link, cells);
        }

        /** Adds the row that the table is about. */
        public Table mainRow(String name, List<String> cells) {
            return add("<tr class=\"main\">\n<th scope=\"row\">" + Html.escape(name), cells);
        }

        private Table add(String head, List<String> cells) {
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
}
