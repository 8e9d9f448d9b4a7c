import { pages, type Page } from "../pages";

/** The pages, with the number of active alerts beside theirs. */
export function Navigation(props: { current: Page; alerts: number }) {
  return (
    <nav aria-label="Pages">
      <ul>
        {pages.map((page) => (
          <li key={page.path}>
            <a href={`#/${page.path}`} aria-current={page === props.current ? "page" : undefined}>
              {page.title}
              {page.path === "alerts" && props.alerts > 0 && (
                <span class="count number">
                  {props.alerts}
                  <span class="hidden"> active</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
