import { fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, expect, it } from "vitest";
import { Table, type Column } from "../src/components/Table";

afterEach(() => document.body.replaceChildren());

const columns: readonly Column<number>[] = [
  { title: "Name", cell: (row) => `row ${row}`, sort: (row) => `row ${row}` },
  { title: "Value", numeric: true, cell: (row) => row, sort: (row) => row },
];
const rows = Array.from({ length: 150 }, (_, place) => place);

function show(sortBy?: string) {
  return render(
    <Table
      caption="Rows"
      columns={columns}
      rows={rows}
      keyOf={String}
      filter={(row) => `row ${row}`}
      empty={null}
      {...(sortBy ? { sortBy } : {})}
    />,
  );
}

const shown = () => [...document.querySelectorAll("tbody tr")].map((row) => row.firstElementChild!.textContent);

it("Of many rows the first hundred are drawn, until all are asked for", () => {
  show("Value");
  expect(shown()).toHaveLength(100);
  expect(shown()[0]).toBe("row 149");
  expect(screen.getByText(/The first 100 of 150 rows\./)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Show all" }));
  expect(shown()).toHaveLength(150);
});

it("A filter finds rows that are not drawn", () => {
  show();
  fireEvent.input(screen.getByRole("searchbox", { name: "Filter Rows" }), { target: { value: "ROW 149" } });
  expect(shown()).toEqual(["row 149"]);
  expect(screen.queryByRole("button", { name: "Show all" })).toBeNull();
});

it("A heading sorts, and says so", () => {
  show();
  fireEvent.click(screen.getByRole("button", { name: /Value/ }));
  expect(screen.getByRole("columnheader", { name: /Value/ }).getAttribute("aria-sort")).toBe("descending");
  expect(shown()[0]).toBe("row 149");
  fireEvent.click(screen.getByRole("button", { name: /Value/ }));
  expect(shown()[0]).toBe("row 0");
});
