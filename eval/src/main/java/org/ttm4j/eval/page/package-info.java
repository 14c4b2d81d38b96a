/**
 * The page in which a bundled model runs, to show what it computes. Start with {@link org.ttm4j.eval.page.ModelPage}.
 */
package org.ttm4j.eval.page;
