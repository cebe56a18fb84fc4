with

reachability as (

    select * from {{ ref('crm_segmentation', 'int_audiences__reachability') }}

),

erased_contacts as (

    select * from {{ ref('crm_segmentation', 'erased_contacts') }}

),

-- Where a channel has several ways, the best of them counts; of those that are closed, the one that takes most keys.
ranked as (

    select
        *,
        row_number() over (
            partition by contact_id, channel
            order by
                case when held_back_reason is null then 0 else 1 end asc,
                length(identifier) desc,
                identifier asc
        ) as way_rank

    from reachability

),

contact_reachability as (

    select
        ranked.contact_id,
        cast(ranked.channel as {{ dbt.type_string() }}) as channel,
        ranked.held_back_reason is null as may_be_contacted,
        cast(ranked.held_back_reason as {{ dbt.type_string() }}) as held_back_reason,
        ranked.since_on,
        coalesce(
            ranked.next_change_on, {{ add_days('cast(erased_contacts.told_at as date)', var('tombstone_days')) }}
        ) as next_change_on,
        {{ as_of_date() }} as as_of_date

    from ranked

    left join erased_contacts on ranked.contact_id = erased_contacts.contact_id

    where ranked.way_rank = 1

)

select * from contact_reachability
