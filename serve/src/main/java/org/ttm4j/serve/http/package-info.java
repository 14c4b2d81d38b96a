/** What all routes share: limits, errors, access, log. Start with {@link org.ttm4j.serve.http.Entrance}. */
package org.ttm4j.serve.http;
