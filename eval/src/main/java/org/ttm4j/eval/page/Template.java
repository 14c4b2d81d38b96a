package org.ttm4j.eval.page;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pages that are one file each: a template names in double braces what is put into it. Stateless. */
final class Template {
    private static final Pattern INCLUDE = Pattern.compile("\\{\\{([\\w.-]+)\\}\\}");

    private Template() {}

    /**
     * A page.
     *
     * @param name of the template beside this class
     * @param made texts by the names that stand for them; every other name is a resource beside this class
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

    static String resource(String name) throws IOException {
        try (InputStream in = Template.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
