with

facts as (

    select * from {{ ref('crm_segmentation', 'int_contacts__sessions') }}

),

purchases as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where is_purchase and contact_id is not null

),

-- A purchase belongs to the session it lies in, or that fell silent just before it.
session_purchases as (

    select
        facts.session_id,
        count(*) as purchase_count

    from facts

    inner join purchases
        on
            facts.contact_id = purchases.contact_id
            and facts.started_at <= purchases.ordered_at
            and not {{ is_new_session('facts.ended_at', 'purchases.ordered_at') }}

    group by facts.session_id

),

sessions as (

    select
        facts.session_id,
        facts.contact_id,
        facts.source_system,
        facts.source_contact_id,
        facts.anonymous_id,
        facts.session_number,
        facts.started_at,
        facts.ended_at,
        cast(facts.started_at as date) as started_on,
        cast({{ dbt.datediff('facts.started_at', 'facts.ended_at', 'second') }} as {{ dbt.type_int() }}) as duration_seconds, -- noqa: LT05
        facts.event_count,
        facts.page_view_count,
        facts.product_view_count,
        facts.cart_addition_count,
        facts.checkout_count,
        facts.first_page_path,
        facts.last_page_path,
        facts.channel,
        facts.campaign_id,
        facts.device_type,
        facts.operating_system,
        facts.app_version,
        cast(coalesce(session_purchases.purchase_count, 0) as {{ dbt.type_int() }}) as purchase_count,
        session_purchases.purchase_count is not null as is_converted

    from facts

    left join session_purchases on facts.session_id = session_purchases.session_id

)

select * from sessions
