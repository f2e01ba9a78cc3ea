"""A plan for sending as JSON."""

import json
from datetime import datetime
from typing import Any

from mailaudit.facts.volume.model import Peak
from mailaudit.planning.model import LanePlan, LeftOut, NoPlan, SendingPlan
from mailaudit.planning.schedule_keys import rate_key
from mailaudit.reports.formats import RenderOptions


def render(plan: SendingPlan | NoPlan, options: RenderOptions) -> str:
    """Return the plan as JSON; `plan` is null when there is none, and `reason` says why."""
    del options
    found: dict[str, Any] = {"schema_version": 1, "campaign": plan.name, "messages": plan.messages}
    found |= (
        {
            "plan": None,
            "reason": plan.reason,
            "limit": _peak(plan.limit) if plan.limit else None,
            "left_out": [_left_out(one) for one in plan.left_out],
        }
        if isinstance(plan, NoPlan)
        else {"plan": _plan(plan), "reason": None, "limit": None}
    )
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _plan(plan: SendingPlan) -> dict[str, Any]:
    return {
        "rate": rate_key(plan.rate) if plan.rate else None,
        "processes": plan.processes,
        "most_a_day": plan.most_a_day,
        "order": plan.order,
        "hours": plan.hours,
        "is_moved": plan.is_moved,
        "gives_up_reserve": plan.gives_up,
        "starts_at": _iso(plan.starts_at),
        "starts_in_the_past": plan.late_s > 0,
        "ends_at": _iso(plan.ends_at),
        "seconds": plan.seconds,
        "earliest_end_at": _iso(plan.bound_at),
        "earliest_seconds": plan.bound_s,
        "warm_up": plan.warm_up,
        "waves": [
            {
                "zone": wave.zone,
                "messages": wave.messages,
                "day": wave.day,
                "unknown": wave.unknown,
                "begins_at": _iso(wave.begins_at if plan.starts_at else None),
            }
            for wave in plan.waves
        ],
        "at_night": plan.at_night,
        "outside_hours": plan.outside
        and {
            "hours": str(plan.outside.hours),
            "rate": rate_key(plan.outside.rate),
            "ends_at": _iso(plan.outside.ends_at),
        },
        "as_typed": plan.typed
        and {
            "rate": rate_key(plan.typed.rate),
            "ends_at": _iso(plan.typed.ends_at),
            "seconds": plan.typed.seconds,
        },
        "warm_up_asked": list(plan.warm_up_asked),
        "days": [
            {
                "day": day.day.isoformat() if day.day else None,
                "messages": day.messages,
                "rate": rate_key(day.rate),
                "begins_at": _iso(day.begins_at),
                "ends_at": _iso(day.ends_at),
            }
            for day in plan.days
        ],
        "batch": plan.batching
        and {"size": plan.batching.size, "every_s": plan.batching.every_s, "ends_at": _iso(plan.batching.ends_at)},
        "software": plan.software
        and plan.software.count
        and {
            "name": plan.software.limiter.id,
            "count": plan.software.count,
            "period_s": plan.software.period_s,
            "processes": plan.software.processes,
            "share": round(plan.software.share, 4),
            "settings": dict(plan.software.typed),
            "changed": list(plan.software.changed),
            "refused": plan.software.refused or None,
        },
        "deadline": plan.deadline
        and {
            "at": plan.deadline.at.isoformat(),
            "met": plan.deadline.is_met,
            "sent": plan.deadline.sent,
            "rate_needed": plan.deadline.rate_needed and rate_key(plan.deadline.rate_needed),
        },
        "peaks": [_peak(peak) for peak in plan.peaks],
        "left_out": [_left_out(one) for one in plan.left_out],
        "lanes": plan.lanes and _lanes(plan.lanes),
    }


def _lanes(plan: LanePlan) -> dict[str, Any]:
    return {
        "ends_at": _iso(plan.slowest.ends_at),
        "seconds": plan.slowest.seconds,
        "slowest": plan.slowest.provider,
        "doubtful": plan.doubtful,
        "lanes": [
            {
                "provider": lane.provider,
                "messages": lane.messages,
                "rate": rate_key(lane.rate),
                "ends_at": _iso(lane.ends_at),
                "connections": lane.connections,
            }
            for lane in plan.lanes
        ],
    }


def _left_out(left: LeftOut) -> dict[str, Any]:
    return {**_peak(left.peak), "name": left.peak.rule.name, "rate": left.rate and rate_key(left.rate)}


def _peak(peak: Peak) -> dict[str, Any]:
    return {
        "scope": peak.rule.scope,
        "key": peak.key,
        "window_s": peak.rule.window_s,
        "peak": peak.peak,
        "limit": peak.limit,
        "limit_source": peak.rule.source,
        "at": _iso(peak.at),
        "over": peak.over,
        "over_other": peak.over_other,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
