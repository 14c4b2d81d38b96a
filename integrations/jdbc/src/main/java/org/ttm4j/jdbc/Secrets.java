package org.ttm4j.jdbc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Removes secrets from messages. */
final class Secrets {
    private static final String PARAMETER_START = "[?&;]";
    private static final Pattern PARAMETER = Pattern.compile(PARAMETER_START + "([^=?&;]+)=([^&;]*)");
    /** The user info extends to the last @, because a password may contain characters that otherwise end a host. */
    private static final Pattern USER_INFO = Pattern.compile("^(jdbc:[^:]*:(?:(?:thin|oci8?):(?://)?|//))(.*)@");
    private static final Pattern DRIVER = Pattern.compile("^jdbc:[^:]*:");
    /** A host followed by something other than a port, which may be a part of a password. */
    private static final Pattern UNCLEAR_HOST = Pattern.compile("//[^\\[/:]*:(?!\\d+([,/]|$))");
    private static final Pattern SECRET = Pattern.compile("(?i).*(pass|secret|token|key|credential).*");

    private Secrets() {}

    /**
     * A URL without its parameters, and without the name and password before the host. Only the name of the driver is
     * kept if the rest might contain a password.
     */
    static String bare(String url) {
        String whole = USER_INFO.matcher(url.split(PARAMETER_START, 2)[0]).replaceFirst("$1");
        Matcher driver = DRIVER.matcher(whole);
        return UNCLEAR_HOST.matcher(whole).find() && driver.find() ? driver.group() + "…" : whole;
    }

    /** Replaces the URL in a text by its {@link #bare} form, and secrets in parameters and properties by stars. */
    static String hide(String text, String url, Properties properties) {
        String hidden = text.replace(url, bare(url));
        for (String secret : secrets(url, properties)) hidden = hidden.replace(secret, "***");
        return hidden;
    }

    private static List<String> secrets(String url, Properties properties) {
        List<String> secrets = new ArrayList<>();
        for (Matcher matcher = PARAMETER.matcher(url); matcher.find();)
            add(secrets, matcher.group(1), matcher.group(2));
        Matcher user = USER_INFO.matcher(url.split(PARAMETER_START, 2)[0]);
        if (user.find()) {
            String info = user.group(2);
            // Oracle's driver separates name and password by a slash.
            int colon = info.indexOf(':');
            add(secrets, "password", info.substring((colon >= 0 ? colon : info.indexOf('/')) + 1));
        }
        for (String name : properties.stringPropertyNames()) add(secrets, name, properties.getProperty(name));
        // A secret that contains another one must be replaced first.
        secrets.sort(Comparator.comparingInt(String::length).reversed());
        return secrets;
    }

    private static void add(List<String> secrets, String name, String value) {
        if (SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches() && !value.isBlank()) secrets.add(value);
    }
}
