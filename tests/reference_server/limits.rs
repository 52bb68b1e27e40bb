use std::time::Duration;

use crate::visitor::{House, Visitor};

/// Turns the clock to a second of the next minute.
pub(crate) async fn turn_to(house: &House, second: u32) {
    let now = house.clock.now();
    let ahead = i64::from(60 + second) * 1000 - now.timestamp_millis().rem_euclid(60_000);
    house.clock.sleep(Duration::from_millis(ahead.try_into().unwrap())).await;
}

/// How many of `count` requests are let through; the others are refused in due form.
async fn passed(visitor: &Visitor, path: &str, count: usize) -> usize {
    let mut passed = 0;
    for _ in 0..count {
        let reply = visitor.get(path).await;
        if reply.status == 200 {
            passed += 1;
        } else {
            assert_eq!((reply.status, &reply.json()["reason"]), (429, &"Too Many Requests".into()));
            assert!((1..=60).contains(&reply.header("retry-after").parse::<u32>().unwrap()));
        }
    }
    passed
}

#[tokio::test]
async fn users_of_a_group_share_a_minute() {
    let house = House::plain().await;
    let (owner, second, limited) = (house.user("owner"), house.user("second"), house.path("limited", "path"));
    turn_to(&house, 1).await;
    assert_eq!(passed(&owner, &limited, 50).await, 50);
    house.clock.sleep(Duration::from_secs(20)).await;
    assert_eq!(passed(&second, &limited, 60).await, 50);
    assert_eq!(second.get(&house.path("limited", "other")).await.status, 200, "another group");
    assert_eq!(second.get(&house.path("limited", "free")).await.status, 200, "another resource");
    turn_to(&house, 0).await;
    assert_eq!(passed(&owner, &limited, 103).await, 100, "a fixed window");
}

#[tokio::test]
async fn who_is_refused_before_counts_for_nothing() {
    let house = House::plain().await;
    let (owner, outsider, limited) = (house.user("owner"), house.user("outsider"), house.path("limited", "path"));
    turn_to(&house, 1).await;
    for _ in 0..30 {
        assert_eq!(outsider.get(&limited).await.status, 401);
        assert_eq!(owner.write("POST", &limited, &serde_json::json!({})).await.status, 405);
    }
    assert_eq!(passed(&owner, &limited, 101).await, 100);
}
