package org.ttm4j.eval.report;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"
                + sha256(style) + "'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" + Html.escape(title)
                + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n" + body + "</body>\n</html>\n";
    }

    private static String sha256(String text) {
        byte[] digest = Checkpoint.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(digest);
    }
}
