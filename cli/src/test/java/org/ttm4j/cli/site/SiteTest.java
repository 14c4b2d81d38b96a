package org.ttm4j.cli.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes the site to target/site, where bin/site finds it, and follows every link of every page. */
class SiteTest {
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");
    private static final Path SITE = Path.of("target/site").toAbsolutePath();

    @Test
    void noLinkIsDead() throws IOException {
        Files.createDirectories(SITE);
        // Those of a build before, which may have had others.
        for (Path page : pages()) Files.delete(page);
        Site.write(Path.of("").toAbsolutePath().getParent(), SITE);
        List<String> dead = new ArrayList<>();
        int links = 0;
        for (Path page : pages()) {
            for (MatchResult match : LINK.matcher(Files.readString(page)).results().toList()) {
                String link = match.group(1).replace("&amp;", "&");
                // Javadoc is made elsewhere.
                if (URI.create(link).isAbsolute() || link.endsWith("api/index.html")) continue;
                links++;
                if (!leadsSomewhere(page, link)) dead.add(SITE.relativize(page) + ": " + link);
            }
        }
        assertEquals(List.of(), dead);
        assertTrue(links > 1000, links + " links");
    }

    @Test
    void theMenuHasEveryPageOfTheDocs() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
            List<Path> missing = files.filter(file -> file.toString().endsWith(".md"))
                    .map(root::relativize)
                    .filter(page -> !Site.menu().contains(page))
                    .toList();
            assertEquals(List.of(), missing);
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(SITE)) {
            return files.filter(file -> file.toString().endsWith(".html") && !file.startsWith(SITE.resolve("api")))
                    .toList();
        }
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!Files.isRegularFile(target)) return false;
        return hash < 0 || Files.readString(target).contains("id=\"" + link.substring(hash + 1) + "\"");
    }
}
