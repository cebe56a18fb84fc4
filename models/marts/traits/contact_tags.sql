with

manual_tags as (

    select * from {{ ref('crm_segmentation', 'stg_people__contact_tags') }}
    where removed_at is null

),

known_records as (

    select * from {{ ref('crm_segmentation', 'int_contacts__known_records') }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}
    where not is_erased

),

rules as (

    select * from {{ ref('crm_segmentation', 'tag_rules') }}

),

recent_activity as (

    select * from {{ ref('crm_segmentation', 'contact_activity_daily') }}
    where {{ in_last_days('occurred_on', 90) }}

),

purchases as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where is_purchase and contact_id is not null and {{ in_last_days('ordered_on', 90) }}

),

signals as (

    select
        contact_id,
        occurred_on,
        event_name as signal_name,
        event_count as signal_count

    from recent_activity

    union all

    select
        contact_id,
        ordered_on as occurred_on,
        'purchased' as signal_name,
        1 as signal_count

    from purchases

),

automatic_tags as (

    select
        signals.contact_id,
        rules.tag,
        max(signals.occurred_on) as tagged_on

    from signals

    inner join rules
        on
            signals.signal_name = rules.signal_name
            and {{ days_ago('signals.occurred_on') }} <= rules.window_days

    group by signals.contact_id, rules.tag, rules.fewest_occurrences

    having sum(signals.signal_count) >= rules.fewest_occurrences

),

all_tags as (

    select
        known_records.contact_id,
        manual_tags.tag,
        cast(manual_tags.tagged_at as date) as tagged_on,
        manual_tags.tagged_by,
        false as is_automatic

    from manual_tags

    inner join known_records on manual_tags.record_id = known_records.record_id

    union all

    select
        contact_id,
        tag,
        tagged_on,
        'rule' as tagged_by,
        true as is_automatic

    from automatic_tags

),

-- A tag that a person set goes before one of a rule, and the first of several before the later ones.
ranked as (

    select
        all_tags.*,
        row_number() over (
            partition by all_tags.contact_id, all_tags.tag
            order by all_tags.is_automatic asc, all_tags.tagged_on asc, {{ by_code_point('all_tags.tagged_by') }} asc nulls last
        ) as tag_rank

    from all_tags

    inner join contacts on all_tags.contact_id = contacts.contact_id

),

contact_tags as (

    select
        contact_id,
        cast(tag as {{ dbt.type_string() }}) as tag,
        tagged_on,
        cast(tagged_by as {{ dbt.type_string() }}) as tagged_by,
        is_automatic

    from ranked

    where tag_rank = 1

)

select * from contact_tags
