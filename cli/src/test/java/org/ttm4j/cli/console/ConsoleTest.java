package org.ttm4j.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    @Test
    void theBrowserOrTheSystemOpensTheFile() {
        Path file = Path.of("a.html").toAbsolutePath();
        assertEquals(List.of("xdg-open", file.toString()), Console.viewer(null, "Linux", Path.of("a.html")));
        assertEquals(List.of("open", file.toString()), Console.viewer("", "Mac OS X", file));
        assertEquals(List.of("rundll32", "url.dll,FileProtocolHandler", file.toString()),
                Console.viewer(null, "Windows 11", file));
        assertEquals(List.of("firefox", file.toString()), Console.viewer("firefox", "Linux", file));
    }
}
