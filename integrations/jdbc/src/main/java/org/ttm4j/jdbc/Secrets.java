package org.ttm4j.jdbc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps what should not be seen out of messages. */
final class Secrets {
    private static final Pattern PARAMETER = Pattern.compile("[?&;]([^=?&;]+)=([^&;]*)");
    private static final Pattern USER_INFO = Pattern.compile("//[^/@?;]*@");
    private static final Pattern SECRET = Pattern.compile("(?i).*(pass|secret|token|key|credential).*");

    private Secrets() {}

    /** A URL without its parameters, and without the name and password before the host. */
    static String bare(String url) {
        String whole = USER_INFO.matcher(url).replaceAll("//");
        int end = whole.length();
        for (char mark : new char[]{'?', ';'}) {
            int at = whole.indexOf(mark);
            if (at >= 0) end = Math.min(end, at);
        }
        return whole.substring(0, end);
    }

    /** A text in which the URL is bare, and the values of parameters and properties that are secrets are stars. */
    static String hide(String text, String url, Properties properties) {
        String hidden = text.replace(url, bare(url));
        for (String secret : secrets(url, properties)) hidden = hidden.replace(secret, "***");
        return hidden;
    }

    private static List<String> secrets(String url, Properties properties) {
        List<String> secrets = new ArrayList<>();
        for (Matcher matcher = PARAMETER.matcher(url); matcher.find();)
            add(secrets, matcher.group(1), matcher.group(2));
        Matcher user = USER_INFO.matcher(url);
        if (user.find()) {
            String info = user.group().substring(2, user.group().length() - 1);
            add(secrets, "password", info.substring(info.indexOf(':') + 1));
        }
        for (String name : properties.stringPropertyNames()) add(secrets, name, properties.getProperty(name));
        // A secret that holds another is replaced first.
        secrets.sort(Comparator.comparingInt(String::length).reversed());
        return secrets;
    }

    private static void add(List<String> secrets, String name, String value) {
        if (SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches() && !value.isBlank()) secrets.add(value);
    }
}
