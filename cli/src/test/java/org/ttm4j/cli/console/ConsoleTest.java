package org.ttm4j.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    @Test
    void aNameThatTheLocaleCannotWriteIsRefusedWithARemedy() {
        Console console = new Console(System.out, System.err, false, Path.of(""));
        // No locale has half of a character; that of LC_ALL=C has no umlauts.
        UsageException refused = assertThrows(UsageException.class, () -> console.path("a\uD800.csv"));
        assertTrue(refused.getMessage().endsWith("choose another, such as LC_ALL=C.UTF-8"), refused.getMessage());
    }
}
