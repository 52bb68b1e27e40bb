//! The workers: each performs one case after the other, and all tell one observer.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::client::Worker;
use crate::record::{CaseResult, Event, Line, Pause};
use crate::suite::Instance;

use super::engine::{Engine, millis};
use super::invariants::Tally;
use super::schedule::{Claimed, Queue};

/// A wait that is worth telling about.
const LONG_WAIT: Duration = Duration::from_secs(1);

/// What workers tell the one who observes.
enum Told {
    Started(String),
    Waits(String, Pause),
    Finished(Box<CaseResult>),
}

impl Engine {
    /// Performs what is in the queue; returns the results in the order in which they came.
    pub(super) async fn perform_all(
        self: &Arc<Self>,
        queue: &Arc<Queue>,
        tally: &Arc<Tally>,
        jobs: usize,
        observe: &mut impl FnMut(Event<'_>),
    ) -> Vec<CaseResult> {
        let (tell, mut told) = unbounded_channel();
        for _ in 0..jobs.max(1) {
            tokio::spawn(work(Arc::clone(self), Arc::clone(queue), Arc::clone(tally), tell.clone()));
        }
        drop(tell);
        let mut results = Vec::new();
        while let Some(told) = told.recv().await {
            match told {
                Told::Started(id) => observe(Event::CaseStarted { id: &id }),
                Told::Waits(id, Pause { duration, awaits }) => {
                    observe(Event::Waiting { id: &id, milliseconds: millis(duration), awaits });
                }
                Told::Finished(result) => {
                    observe(Event::CaseFinished(&result));
                    results.push(*result);
                }
            }
        }
        results
    }
}

/// Performs cases until none is left or none may begin. Each runs as a task of its own, so that a panic ends that case
/// alone.
async fn work(engine: Arc<Engine>, queue: Arc<Queue>, tally: Arc<Tally>, tell: UnboundedSender<Told>) {
    let mut worker = engine.worker();
    while let Some(claimed) = next(&engine, &queue).await {
        let instance = claimed.instance.clone();
        // The observer lives as long as the run; if it is gone there is nobody to tell.
        let _ = tell.send(Told::Started(instance.id.clone()));
        let task = tokio::spawn(one(Arc::clone(&engine), Arc::clone(&tally), instance, worker, tell.clone()));
        let (result, next_worker) = match task.await {
            Ok((result, worker)) => (result, worker),
            Err(error) => {
                let mut worker = engine.worker();
                engine.delete(&engine.left_of(&claimed.instance.id), &mut worker).await;
                (engine.defect(&claimed.instance, &error.to_string()), worker)
            }
        };
        engine.note(&Line::Result(Cow::Borrowed(&result)));
        engine.weigh(&result);
        engine.weigh_invariants(&tally);
        worker = next_worker;
        drop(claimed);
        let _ = tell.send(Told::Finished(Box::new(result)));
    }
}

async fn next<'q>(engine: &Engine, queue: &'q Queue) -> Option<Claimed<'q>> {
    tokio::select! {
        biased;
        () = engine.stop.no_more() => None,
        claimed = queue.next() => claimed,
    }
}

async fn one(
    engine: Arc<Engine>,
    tally: Arc<Tally>,
    instance: Instance,
    mut worker: Worker,
    tell: UnboundedSender<Told>,
) -> (CaseResult, Worker) {
    let tell_wait = |pause: Pause| {
        if pause.duration >= LONG_WAIT {
            let _ = tell.send(Told::Waits(instance.id.clone(), pause));
        }
    };
    let result = engine.perform_until_it_passes(&instance, &mut worker, &tally, &tell_wait).await;
    (result, worker)
}
