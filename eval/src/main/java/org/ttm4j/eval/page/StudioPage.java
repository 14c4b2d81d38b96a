package org.ttm4j.eval.page;

import java.io.IOException;
import java.util.Map;

/**
 * The page of the service on which a user drops a table and sees the forecast. It is one HTML file, which makes requests
 * only to the service that it came from. Stateless.
 */
public final class StudioPage {
    private StudioPage() {}

    /** The HTML of the page. Throws IOException if a resource cannot be read. */
    public static String html() throws IOException {
        return Template.filled("studio.html", Map.of());
    }
}
