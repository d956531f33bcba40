"""The old service's handler as its authors would write it: FastAPI and SQLAlchemy on SQLite, each row made into a
dictionary; with CACHED=1 the answer is kept in memory, as a dictionary, for 300 s.   DATABASE=path uvicorn …"""
import os
import time

from fastapi import Depends, FastAPI
from sqlalchemy import Column, DateTime, Integer, String, create_engine, or_
from sqlalchemy.orm import Session, declarative_base, sessionmaker

engine = create_engine(f"sqlite:///{os.environ['DATABASE']}", connect_args={"check_same_thread": False})
make_session = sessionmaker(bind=engine)
Base = declarative_base()


class Schedule(Base):
    """A duty."""
    __tablename__ = "schedules"
    id = Column(Integer, primary_key=True)
    date = Column(String, index=True)
    name = Column(String, index=True)
    timing = Column(String)
    category = Column(String, index=True)
    room = Column(String)
    created_at = Column(DateTime)
    updated_at = Column(DateTime)


Base.metadata.create_all(engine)
app = FastAPI()
kept = {}


def session():
    """One a request."""
    opened = make_session()
    try:
        yield opened
    finally:
        opened.close()


def answer(opened: Session, date):
    query = opened.query(Schedule)
    if date:
        query = query.filter(or_(Schedule.date.contains(date)))
    rows = query.order_by(Schedule.date, Schedule.id).all()
    return {"count": len(rows), "data": [{
        "id": row.id, "date": row.date, "name": row.name, "timing": row.timing, "category": row.category, "room": row.room,
        "created_at": row.created_at.isoformat() if row.created_at else None,
        "updated_at": row.updated_at.isoformat() if row.updated_at else None,
    } for row in rows]}


if os.environ.get("CACHED") == "1":
    @app.get("/schedules")
    async def cached(date: str | None = None):
        found = kept.get(date)
        if found and time.monotonic() - found[0] < 300:
            return found[1]
        opened = make_session()
        try:
            made = answer(opened, date)
        finally:
            opened.close()
        kept[date] = (time.monotonic(), made)
        return made
else:
    @app.get("/schedules")
    def schedules(date: str | None = None, opened: Session = Depends(session)):
        return answer(opened, date)
