with

attributes as (

    select * from {{ ref('crm_segmentation', 'contact_attributes') }}

),

pivoted as (

    select
        contact_id,
        max(case when attribute_name = 'in_market_for' then attribute_value end) as in_market_for,
        max(case when attribute_name = 'in_market_for' then provider end) as in_market_provider,
        max(case when attribute_name = 'in_market_for' then party end) as in_market_party,
        max(case when attribute_name = 'in_market_for' then age_days end) as in_market_age_days,
        max(case when attribute_name = 'home_owner' then attribute_value end) = 'yes' as is_home_owner,
        max(case when attribute_name = 'household_size' then {{ parse_integer('attribute_value') }} end) as household_size,
        max(case when attribute_name = 'loyalty_points' then {{ parse_integer('attribute_value') }} end) as loyalty_points,
        {{ text_list("attribute_name || '=' || attribute_value") }} as attributes

    from attributes

    group by contact_id

)

select * from pivoted
