with

{{ imports({'reachability': ['int_audiences__reachability', 'way_rank = 1'], 'erased_contacts': 'erased_contacts'}) }}

contact_reachability as (

    select
        reachability.contact_id,
        cast(reachability.channel as {{ dbt.type_string() }}) as channel,
        reachability.held_back_reason is null as may_be_contacted,
        cast(reachability.held_back_reason as {{ dbt.type_string() }}) as held_back_reason,
        reachability.since_on,
        coalesce(
            reachability.next_change_on, {{ add_days('cast(erased_contacts.told_at as date)', var('tombstone_days')) }}
        ) as next_change_on,
        {{ as_of_date() }} as as_of_date

    from reachability

    left join erased_contacts on reachability.contact_id = erased_contacts.contact_id

)

select * from contact_reachability
