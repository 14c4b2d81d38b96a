package org.ttm4j.eval.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ttm4j.ttm.io.Json;

/** Fills the templates of the pages: {@code {{name}}} in a template is replaced by a text or a resource. Stateless. */
public final class Template {
    private static final Pattern INCLUDE = Pattern.compile("\\{\\{([\\w.-]+)\\}\\}");

    private Template() {}

    /**
     * Fills a template.
     *
     * @param name name of the template, a resource in the package of this class
     * @param made texts by name; a name that is not in this map is the name of a resource in the package of this class
     */
    static String filled(String name, Map<String, String> made) {
        return INCLUDE.matcher(resource(Template.class, name)).replaceAll(include -> {
            String included = include.group(1);
            String text = made.containsKey(included) ? made.get(included) : resource(Template.class, included);
            return Matcher.quoteReplacement(text);
        });
    }

    /** JSON within a script element, which nothing in the data ends. */
    static String script(Map<String, Object> values) {
        return Json.compact(values).replace("<", "\\u003c");
    }

    /** The text of a file of the program, in the package of a class. */
    public static String resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + name + " of the program cannot be read", e);
        }
    }
}
