/** The page in which a bundled model runs and shows its stages. Start with {@link org.ttm4j.eval.page.ModelPage}. */
package org.ttm4j.eval.page;
