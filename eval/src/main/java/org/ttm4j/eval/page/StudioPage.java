package org.ttm4j.eval.page;

import java.io.IOException;
import java.util.Map;

/**
 * The page of the service on which a table is dropped and its forecast looked at: one HTML file that makes no request but to
 * the service that it came from. Stateless.
 */
public final class StudioPage {
    private StudioPage() {}

    /** The page. Throws IOException when its parts cannot be read. */
    public static String html() throws IOException {
        return Template.filled("studio.html", Map.of());
    }
}
