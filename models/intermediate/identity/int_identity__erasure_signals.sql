with

{{ imports({
    'records': 'int_identity__records',
    'twins': 'int_identity__twins',
    'requests': 'int_identity__erasure_requests',
}) }}

twin_groups as (

    select
        records.record_id,
        records.first_seen_at,
        first_value(records.record_id) over (
            partition by coalesce(twins.component, records.record_number)
            order by records.first_seen_at asc, records.record_id asc
        ) as twin_id

    from records

    left join twins on records.record_number = twins.node

),

signals as (

    select
        twin_groups.first_seen_at,
        twin_groups.twin_id,
        requests.asked_at,
        coalesce(twin_groups.record_id, requests.record_id) as record_id,
        requests.record_id is not null as is_asking

    from twin_groups

    full outer join requests on twin_groups.record_id = requests.record_id

)

select * from signals
