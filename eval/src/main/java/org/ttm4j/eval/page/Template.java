package org.ttm4j.eval.page;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ttm4j.ttm.io.Json;

/** Fills the templates of the pages: {@code {{name}}} in a template is replaced by a text or a resource. Stateless. */
final class Template {
    private static final Pattern INCLUDE = Pattern.compile("\\{\\{([\\w.-]+)\\}\\}");

    private Template() {}

    /**
     * Fills a template.
     *
     * @param name name of the template, a resource in the package of this class
     * @param made texts by name; a name that is not in this map is the name of a resource in the package of this class
     */
    static String filled(String name, Map<String, String> made) throws IOException {
        Matcher includes = INCLUDE.matcher(resource(name));
        StringBuilder html = new StringBuilder();
        while (includes.find()) {
            String included = includes.group(1);
            String text = made.containsKey(included) ? made.get(included) : resource(included);
            includes.appendReplacement(html, Matcher.quoteReplacement(text));
        }
        return includes.appendTail(html).toString();
    }

    /** JSON within a script element, which nothing in the data ends. */
    static String script(Map<String, Object> values) {
        return Json.compact(values).replace("<", "\\u003c");
    }

    static String resource(String name) throws IOException {
        try (InputStream in = Template.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
