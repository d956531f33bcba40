"""Tool library of a neighbourhood: who lends what, and what is out at the moment."""
import datetime
import itertools

from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

app = FastAPI(title="Tool library")


class Tool(BaseModel):
    id: int
    name: str
    owner: str
    kind: str
    due: datetime.date | None = None


class Loan(BaseModel):
    borrower: str = Field(min_length=1, max_length=80)
    days: int = Field(ge=1, le=30)


KINDS = ["ladder", "drill", "saw", "wheelbarrow", "hedge trimmer", "tile cutter", "sander", "pressure washer"]
OWNERS = ["Amara", "Bence", "Chiara", "Deniz", "Eero", "Farah", "Goran"]
TOOLS = {
    number: Tool(id=number, name=f"{kind} {number}", owner=owner, kind=kind)
    for number, (kind, owner) in enumerate(itertools.product(KINDS, OWNERS), start=1)
}


@app.get("/", response_class=HTMLResponse)
def home():
    rows = "".join(f"<li><a href='/tools/{tool.id}'>{tool.name}</a> of {tool.owner}" for tool in TOOLS.values())
    return f"<!doctype html><title>Tool library</title><h1>Tools</h1><ul>{rows}</ul>"


@app.get("/tools")
def tools(kind: str | None = None, free: bool = False) -> list[Tool]:
    return [tool for tool in TOOLS.values() if kind in (None, tool.kind) and not (free and tool.due)]


@app.get("/tools/{number}")
def tool(number: int) -> Tool:
    if number not in TOOLS:
        raise HTTPException(404, "no such tool")
    return TOOLS[number]


@app.post("/tools/{number}/loan", status_code=201)
def lend(number: int, loan: Loan) -> Tool:
    borrowed = tool(number)
    if borrowed.due:
        raise HTTPException(409, f"out until {borrowed.due}")
    borrowed.due = datetime.date.today() + datetime.timedelta(days=loan.days)
    return borrowed
