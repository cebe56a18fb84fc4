with

contacts as (

    select * from {{ ref('contacts') }}

),

permissions as (

    select * from {{ ref('int_traits__consents') }}

),

purchases as (

    select * from {{ ref('int_traits__purchases') }}

),

categories as (

    select * from {{ ref('int_traits__categories') }}

),

rfm_scores as (

    select * from {{ ref('contact_rfm_scores') }}

),

lifecycle_stages as (

    select * from {{ ref('contact_lifecycle_stages') }}

),

relations as (

    select * from {{ ref('int_traits__relations') }}

),

traits as (

    select
        -- contact
        contacts.contact_id,
        contacts.is_erased,
        contacts.email is not null as has_email,
        contacts.phone_e164 is not null as has_phone,
        contacts.source_record_count,
        cast({{ days_ago('contacts.first_seen_at') }} as {{ dbt.type_int() }}) as days_since_first_seen,
        contacts.signed_up_at is not null as is_signed_up,
        cast({{ days_ago('contacts.signed_up_at') }} as {{ dbt.type_int() }}) as days_since_sign_up,
        contacts.acquisition_source,
        coalesce(permissions.may_email, false) as may_email,
        coalesce(permissions.may_sms, false) as may_sms,
        coalesce(permissions.may_push, false) as may_push,

        -- relations
        cast({{ days_ago('relations.last_message_at') }} as {{ dbt.type_int() }}) as days_since_last_message,
        coalesce(relations.is_subscribed, false) as is_subscribed,
        coalesce(relations.has_open_complaint, false) as has_open_complaint,

        -- geographic
        contacts.country_code,
        contacts.region,
        contacts.city,
        contacts.language_code,
        contacts.time_zone,

        -- demographic
        contacts.gender,
        {{ years_ago('contacts.birth_date') }} as age,
        cast(floor({{ years_ago('contacts.birth_date') }} / 10.0) * 10 as {{ dbt.type_int() }}) as age_decade,
        cast(extract(month from contacts.birth_date) as {{ dbt.type_int() }}) as birth_month,
        contacts.education,
        contacts.income_band,
        contacts.job_title,
        contacts.company is not null as is_business,

        -- psychographic
        '|' || lower(contacts.interests) || '|' as interests,
        contacts.lifestyle,

        -- transactional
        cast(coalesce(purchases.order_count, 0) as {{ dbt.type_int() }}) as order_count,
        cast(coalesce(purchases.purchase_count, 0) as {{ dbt.type_int() }}) as purchase_count,
        cast(coalesce(purchases.purchases_90_days, 0) as {{ dbt.type_int() }}) as purchases_90_days,
        cast(coalesce(purchases.purchases_365_days, 0) as {{ dbt.type_int() }}) as purchases_365_days,
        cast(coalesce(purchases.net_spend_total, 0) as numeric(18, 2)) as net_spend_total,
        cast(coalesce(purchases.net_spend_365_days, 0) as numeric(18, 2)) as net_spend_365_days,
        {{ rounded_ratio('purchases.net_spend_total', 'nullif(purchases.purchase_count, 0)', scale=2) }} as average_purchase_amount,
        cast({{ days_ago('purchases.first_purchase_on') }} as {{ dbt.type_int() }}) as days_since_first_purchase,
        cast({{ days_ago('purchases.last_purchase_on') }} as {{ dbt.type_int() }}) as days_since_last_purchase,
        {{ rounded_ratio(
            days_between('purchases.first_purchase_on', 'purchases.last_purchase_on'),
            'nullif(purchases.purchase_count - 1, 0)',
            scale=1,
        ) }} as mean_days_between_purchases,
        cast(coalesce(purchases.refunded_order_count, 0) as {{ dbt.type_int() }}) as refunded_order_count,
        cast(coalesce(purchases.promotion_purchase_count, 0) as {{ dbt.type_int() }}) as promotion_purchase_count,
        purchases.last_sales_channel,
        categories.purchased_categories,
        categories.recent_categories,
        categories.top_category,

        -- value
        rfm_scores.recency_score,
        rfm_scores.frequency_score,
        rfm_scores.monetary_score,
        rfm_scores.rfm_score,
        rfm_scores.rfm_group,

        -- journey
        lifecycle_stages.lifecycle_stage,
        lifecycle_stages.days_in_stage as days_in_lifecycle_stage,
        lifecycle_stages.previous_stage as previous_lifecycle_stage,
        lifecycle_stages.funnel_stage

    from contacts

    left join relations on contacts.contact_id = relations.contact_id

    left join permissions on contacts.contact_id = permissions.contact_id

    left join purchases on contacts.contact_id = purchases.contact_id

    left join categories on contacts.contact_id = categories.contact_id

    left join rfm_scores on contacts.contact_id = rfm_scores.contact_id

    left join lifecycle_stages on contacts.contact_id = lifecycle_stages.contact_id

)

select * from traits
